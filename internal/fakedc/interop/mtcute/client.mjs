// The story of ../../interop_test.go, told by mtcute.
import { MemoryStorage } from '@mtcute/core'
import { __tlWriterMap, TlBinaryWriter } from '@mtcute/core/utils.js'
import { newClient } from './newclient.mjs'

const env = process.env
const say = (line) => console.log(JSON.stringify(line))

const client = await newClient(new MemoryStorage())

let heard = false
const finished = new Promise((resolve, reject) => {
    client.onNewMessage.add(async (message) => {
        try {
            if (message.isOutgoing || heard) return
            heard = true
            say({ heard: message.text, from: message.sender.id })
            const carol = await client.resolvePeer('carol')
            say({ resolved: carol.userId })
            const sent = await client.sendText(message.chat.id, {
                text: 'hello Ann',
                entities: [{ _: 'messageEntityMentionName', offset: 6, length: 3, userId: message.sender.id }],
            })
            say({ sent: sent.id })
            resolve()
        } catch (e) {
            reject(e)
        }
    })
})

const self = await client.start({ botToken: env.FAKEDC_TOKEN })
// Answers of every kind are read, and said again.
for (let i = 0; i < Number(env.FAKEDC_DECODE ?? 0); i++) {
    const got = await client.call({ _: 'help.getNearestDc' })
    say({ again: Buffer.from(TlBinaryWriter.serializeObject(__tlWriterMap, got)).toString('hex') })
}
if (env.FAKEDC_DECODE) process.exit(0)
// start() does not wait for it, and what comes before it is not heard.
await client.startUpdatesLoop()
say({ ready: self.id })
await finished
await client.destroy()
process.exit(0)
