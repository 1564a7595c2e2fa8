"""The story of ../../interop_test.go, told by Telethon."""
import asyncio
import json
import logging
import os

from telethon import TelegramClient, events, functions, types
from telethon.crypto import rsa
from telethon.sessions import MemorySession

env = os.environ
logging.basicConfig(level=env.get('LOG', 'ERROR').upper())


def say(**line):
    print(json.dumps(line), flush=True)


async def main():
    rsa.add_key(env['FAKEDC_KEY'], old=False)
    session = MemorySession()
    session.set_dc(int(env['FAKEDC_DC']), env['FAKEDC_HOST'], int(env['FAKEDC_PORT']))
    client = TelegramClient(session, 1, 'hash')
    finished = asyncio.get_running_loop().create_future()

    @client.on(events.NewMessage(incoming=True))
    async def answer(event):
        try:
            say(heard=event.raw_text, **{'from': event.sender_id})
            carol = await client(functions.contacts.ResolveUsernameRequest('carol'))
            say(resolved=carol.users[0].id)
            ann = await event.get_input_sender()
            mention = types.InputMessageEntityMentionName(6, 3, types.InputUser(ann.user_id, ann.access_hash))
            sent = await client.send_message(ann, 'hello Ann', formatting_entities=[mention])
            say(sent=sent.id)
            finished.set_result(None)
        except BaseException as error:
            finished.set_exception(error)

    await client.start(bot_token=env['FAKEDC_TOKEN'])
    # Answers of every kind are read, and said again.
    for _ in range(int(env.get('FAKEDC_DECODE', 0))):
        say(again=bytes(await client(functions.help.GetNearestDcRequest())).hex())
    if 'FAKEDC_DECODE' not in env:
        say(ready=(await client.get_me()).id)
        await finished
    await client.disconnect()


asyncio.run(main())
