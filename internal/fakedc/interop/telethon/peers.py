"""Telethon as a client of ../../bench/peers, with its session in SQLite.

By itself it writes nobody whom an update brings before it disconnects. It is made to
do then what it does when it disconnects: ids and hashes, without names.
"""
import asyncio
import json
import logging
import os
import resource
import sqlite3
import sys

from telethon import TelegramClient, events, types
from telethon.crypto import rsa
from telethon.sessions import SQLiteSession

env = os.environ
logging.basicConfig(level=env.get('LOG', 'ERROR').upper())
file = os.path.join(env['PEERS_STORE'], 'client.session')
bot = int(env['FAKEDC_TOKEN'].split(':')[0])


def say(**line):
    print(json.dumps(line), flush=True)


def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def count():
    rows = sqlite3.connect(file).execute('select count(*) from entities where id > 0 and id != ? and hash != 0', (bot,))
    say(kept=rows.fetchone()[0])


def save(client):
    entities = client._mb_entity_cache.get_all_entities()
    client.session.process_entities(types.contacts.ResolvedPeer(None, [e._as_input_peer() for e in entities], []))
    client.session.save()


async def run():
    rsa.add_key(env['FAKEDC_KEY'], old=False)
    session = SQLiteSession(file)
    session.set_dc(int(env['FAKEDC_DC']), env['FAKEDC_HOST'], int(env['FAKEDC_PORT']))
    client = TelegramClient(session, 1, 'hash')
    want, heard = int(env['PEERS_USERS']), set()

    @client.on(events.Raw(types.UpdateNewMessage))
    async def hear(update):
        if update.message.id in heard:
            return
        heard.add(update.message.id)
        if len(heard) % want == 0:
            save(client)
            say(stored=want, cpu=cpu())

    await client.start(bot_token=env['FAKEDC_TOKEN'])
    await client.get_me()
    say(ready=True, cpu=cpu())
    await client.run_until_disconnected()


if sys.argv[1] == 'count':
    count()
else:
    asyncio.run(run())
