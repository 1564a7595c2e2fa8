// The story of ../../interop_test.go, told by GramJS.
import { Api } from 'telegram'
import { NewMessage } from 'telegram/events/index.js'
import { StringSession } from 'telegram/sessions/index.js'
import { newClient } from './newclient.mjs'

const env = process.env
const say = (line) => console.log(JSON.stringify(line))

const client = newClient(new StringSession(''))

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
