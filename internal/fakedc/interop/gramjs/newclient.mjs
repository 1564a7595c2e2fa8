// GramJS's client for a server that is not Telegram's.
import bigInt from 'big-integer'
import { TelegramClient } from 'telegram'
import * as RSA from 'telegram/crypto/RSA.js'
import { ConnectionTCPFull } from 'telegram/network/index.js'

const env = process.env

// GramJS has no option for the port of the first connection, which it takes to be 80.
class ConnectionToFakedc extends ConnectionTCPFull {
    constructor(place) {
        super({ ...place, ip: env.FAKEDC_HOST, port: Number(env.FAKEDC_PORT) })
    }
}

export function newClient(session) {
    // Nor has it one for the key; its table of keys is exported.
    const keys = RSA._serverKeys ?? RSA.default._serverKeys
    keys.clear()
    keys.set(env.FAKEDC_FINGERPRINT, {
        fingerprint: bigInt(env.FAKEDC_FINGERPRINT), n: bigInt(env.FAKEDC_MODULUS), e: Number(env.FAKEDC_EXPONENT),
    })
    session.setDC(Number(env.FAKEDC_DC), env.FAKEDC_HOST, 80) // it cannot store a port above 32767
    const client = new TelegramClient(session, 1, 'hash', { connection: ConnectionToFakedc, connectionRetries: 3 })
    client.setLogLevel(env.LOG ?? 'error')
    return client
}
