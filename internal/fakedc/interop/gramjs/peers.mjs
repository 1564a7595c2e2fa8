// GramJS as a client of ../../bench/peers, with its StoreSession: a file for each
// person, written before the update is handed on. It takes 5 MB, and then no more.
import { readdirSync, readFileSync } from 'node:fs'
import { Api } from 'telegram'
import { Raw } from 'telegram/events/index.js'
import { StoreSession } from 'telegram/sessions/index.js'
import { botID, cpu, say, tally } from '../tally.mjs'
import { newClient } from './newclient.mjs'

const name = 'client' // of the folder, which it puts where it runs
process.chdir(process.env.PEERS_STORE)

if (process.argv[2] === 'count') {
    let kept = 0
    for (const file of readdirSync(name)) {
        const row = JSON.parse(readFileSync(`${name}/${file}`, 'utf8')) // id, hash, username, phone, name, date
        if (Array.isArray(row) && Number(row[0]) > 0 && Number(row[0]) !== botID && Number(row[1]) !== 0) kept++
    }
    say({ kept })
} else {
    const client = newClient(new StoreSession(name))
    await client.start({ botAuthToken: process.env.FAKEDC_TOKEN })
    await client.getMe(true) // or it asks again for every update that comes before the answer
    const hear = tally()
    client.addEventHandler((update) => hear(update.message.id), new Raw({ types: [Api.UpdateNewMessage] }))
    say({ ready: true, cpu: cpu() })
}
