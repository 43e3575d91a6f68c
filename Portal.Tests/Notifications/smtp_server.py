"""A mail server on loopback that keeps what it is given: each letter is one line of JSON on its output.

usage: smtp_server.py PORT [--tls | --starttls CERTIFICATE] [--sign-in USER PASSWORD]
It refuses for good whoever's address begins with "nobody", for now whoever's begins with "later", and letters to "picky" once it has read them. It ends with its input.
"""

import argparse
import json
import ssl
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


class Keeper:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody"):
            return "550 5.1.1 <%s> is not here" % address
        if address.startswith("later"):
            return "451 4.3.0 Come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if envelope.rcpt_tos[0].startswith("picky"):
            return "554 5.7.1 Not that letter"
        letter = {"From": envelope.mail_from, "To": envelope.rcpt_tos[0], "Content": envelope.content.decode("ascii")}
        print(json.dumps({**letter, "Protected": server.transport.get_extra_info("sslcontext") is not None, "User": session.auth_data}), flush=True)
        return "250 OK"


parser = argparse.ArgumentParser()
parser.add_argument("port", type=int)
parser.add_argument("--tls")
parser.add_argument("--starttls")
parser.add_argument("--sign-in", nargs=2)
given = parser.parse_args()


def protection(certificate):
    if not certificate:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def check(server, session, envelope, mechanism, data):
    asked = (data.login.decode(), data.password.decode())
    return AuthResult(success=list(asked) == given.sign_in, handled=False, auth_data=asked[0])


settings = {"authenticator": check, "auth_required": True, "auth_require_tls": given.starttls is not None} if given.sign_in else {}
if given.starttls:
    settings.update(tls_context=protection(given.starttls), require_starttls=True)
controller = Controller(Keeper(), hostname="127.0.0.1", port=given.port, ssl_context=protection(given.tls), **settings)
controller.start()
print("ready", flush=True)
sys.stdin.read()
controller.stop()
