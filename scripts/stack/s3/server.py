"""OpenStack Swift with its S3 API, on one folder: the four servers of the smallest installation.

Arguments: a folder to work in, access key as account:user, secret key, then the ports of the API and
of the servers of accounts, containers and objects.
"""

import getpass
import os
import signal
import sys

from swift.common import utils
from swift.common.ring import RingBuilder
from swift.common.wsgi import run_wsgi

folder, access_key, secret_key, *ports = sys.argv[1:]
account, user = access_key.split(":")
port_of = dict(zip(["proxy", "account", "container", "object"], map(int, ports)))

SERVER = """[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
user = {user}
swift_dir = {folder}
devices = {folder}/devices
mount_check = false
[pipeline:main]
"""
STORE = """pipeline = {name}-server
[app:{name}-server]
use = egg:swift#{name}
"""
PROXY = f"""pipeline = catch_errors cache s3api tempauth proxy-server
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:cache]
use = egg:swift#memcache
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_{account}_{user} = {secret_key} .admin
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
"""


def write(name, text):
    with open(f"{folder}/{name}.conf", "w", encoding="utf-8") as file:
        file.write(text)


os.makedirs(f"{folder}/devices/disk")
write("swift", "[swift-hash]\nswift_hash_path_suffix = plinth\n")
utils.SWIFT_CONF_FILE = f"{folder}/swift.conf"
for name, port in port_of.items():
    head = SERVER.format(port=port, user=getpass.getuser(), folder=folder)
    write(name, head + (PROXY if name == "proxy" else STORE.format(name=name)))
    if name != "proxy":
        ring = RingBuilder(part_power=2, replicas=1, min_part_hours=0)
        ring.add_dev({
            "id": 0, "region": 1, "zone": 1, "weight": 1.0, "device": "disk", "meta": "",
            "ip": "127.0.0.1", "port": port,
            "replication_ip": "127.0.0.1", "replication_port": port,
        })
        ring.rebalance()
        ring.get_ring().save(f"{folder}/{name}.ring.gz")

children = []
for name in port_of:
    child = os.fork()
    if child == 0:
        sys.exit(run_wsgi(f"{folder}/{name}.conf", f"{name}-server"))
    children.append(child)


def end(*_):
    for child in children:
        os.kill(child, signal.SIGKILL)
    sys.exit(0)


signal.signal(signal.SIGTERM, end)
os.wait()
end()
