// mtcute's client for a server that is not Telegram's.
import { addPublicKey } from '@mtcute/core/utils.js'
import { TelegramClient } from '@mtcute/node'
import { NodeCryptoProvider } from '@mtcute/node/utils.js'

const env = process.env

export async function newClient(storage) {
    const crypto = new NodeCryptoProvider()
    await crypto.initialize?.()
    addPublicKey(crypto, env.FAKEDC_KEY)
    const place = { id: Number(env.FAKEDC_DC), ipAddress: env.FAKEDC_HOST, port: Number(env.FAKEDC_PORT), testMode: true }
    return new TelegramClient({
        apiId: 1,
        apiHash: 'hash',
        crypto,
        storage,
        testMode: true,
        defaultDcs: { main: place, media: { ...place, mediaOnly: true } },
        logLevel: Number(env.LOG ?? 1),
    })
}
