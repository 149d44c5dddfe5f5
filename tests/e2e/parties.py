"""Writes a parties.toml of two free loopback ports.

usage: parties.py OUT
SPDX-License-Identifier: Apache-2.0
"""
import socket
import sys

sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
dealer, party0 = (s.getsockname()[1] for s in sockets)
with open(sys.argv[1], "w") as file:
    file.write(
        f'timeout = 60\n[dealer]\naddress = "127.0.0.1:{dealer}"\n'
        f'[party0]\naddress = "127.0.0.1:{party0}"\n[party1]\n'
    )
