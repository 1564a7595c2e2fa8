// The story of ../../interop_test.go, told by GramJS.
import bigInt from 'big-integer'
import { Api, TelegramClient } from 'telegram'
import * as RSA from 'telegram/crypto/RSA.js'
import { NewMessage } from 'telegram/events/index.js'
import { ConnectionTCPFull } from 'telegram/network/index.js'
import { StringSession } from 'telegram/sessions/index.js'

const env = process.env
const say = (line) => console.log(JSON.stringify(line))

// GramJS has no option for the key; its table of keys is exported.
const keys = RSA._serverKeys ?? RSA.default._serverKeys
keys.clear()
keys.set(env.FAKEDC_FINGERPRINT, {
    fingerprint: bigInt(env.FAKEDC_FINGERPRINT), n: bigInt(env.FAKEDC_MODULUS), e: Number(env.FAKEDC_EXPONENT),
})

// Nor has it one for the port of the first connection, which it takes to be 80.
class ConnectionToFakedc extends ConnectionTCPFull {
    constructor(place) {
        super({ ...place, ip: env.FAKEDC_HOST, port: Number(env.FAKEDC_PORT) })
    }
}

const session = new StringSession('')
session.setDC(Number(env.FAKEDC_DC), env.FAKEDC_HOST, 80) // it cannot store a port above 32767
const client = new TelegramClient(session, 1, 'hash', { connection: ConnectionToFakedc, connectionRetries: 3 })
client.setLogLevel(env.LOG ?? 'error')

await client.start({ botAuthToken: env.FAKEDC_TOKEN })
// Answers of every kind are read, and said again.
for (let i = 0; i < Number(env.FAKEDC_DECODE ?? 0); i++) {
    say({ again: (await client.invoke(new Api.help.GetNearestDc())).getBytes().toString('hex') })
}
if (env.FAKEDC_DECODE) process.exit(0)
const finished = new Promise((resolve, reject) => {
    client.addEventHandler(async ({ message }) => {
        try {
            say({ heard: message.message, from: Number(message.senderId) })
            const found = await client.invoke(new Api.contacts.ResolveUsername({ username: 'carol' }))
            say({ resolved: Number(found.users[0].id) })
            const ann = await client.getInputEntity(message.senderId)
            const sent = await client.sendMessage(ann, {
                message: 'hello Ann',
                formattingEntities: [new Api.InputMessageEntityMentionName({
                    offset: 6, length: 3, userId: new Api.InputUser({ userId: ann.userId, accessHash: ann.accessHash }),
                })],
            })
            say({ sent: sent.id })
            resolve()
        } catch (e) {
            reject(e)
        }
    }, new NewMessage({ incoming: true }))
})
say({ ready: Number((await client.getMe()).id) })
await finished
await client.disconnect()
process.exit(0)
