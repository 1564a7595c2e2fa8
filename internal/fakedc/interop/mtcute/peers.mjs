// mtcute as a client of ../../bench/peers, with its storage in SQLite. It stores whom
// an update brings before it hands the update on, as it comes.
import { join } from 'node:path'
import { SqliteStorage } from '@mtcute/node'
import sqlite3 from 'better-sqlite3'
import { botID, cpu, say, tally } from '../tally.mjs'
import { newClient } from './newclient.mjs'

const file = join(process.env.PEERS_STORE, 'client.session')

if (process.argv[2] === 'count') {
    const rows = sqlite3(file).prepare(`select count(*) as kept from peers where id > 0 and id != ? and isMin = 0 and hash not in ('', '0', '0,0')`)
    say({ kept: rows.get(botID).kept })
} else {
    const client = await newClient(new SqliteStorage(file))
    const hear = tally()
    client.onRawUpdate.add(({ update }) => {
        if (update._ === 'updateNewMessage') hear(update.message.id)
    })
    await client.start({ botToken: process.env.FAKEDC_TOKEN })
    // start() does not wait for it, and what comes before it is not heard.
    await client.startUpdatesLoop()
    say({ ready: true, cpu: cpu() })
}
