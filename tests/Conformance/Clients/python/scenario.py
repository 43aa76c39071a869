"""What the two Python drivers share: the records they produce, and how they print what they read."""
import hashlib
import json


def record(index, size):
    key = None if index % 3 == 0 else b"key-%d" % index
    value = None if index % 7 == 0 and size < 1000 else (b"value-%d-" % index).ljust(size, b"x")
    return key, value


def say(**fields):
    print(json.dumps(fields), flush=True)


def shown(data):
    if data is None:
        return None
    return data.decode() if len(data) <= 100 else "sha256:" + hashlib.sha256(data).hexdigest()


def say_record(message_partition, offset, key, value, headers):
    say(partition=message_partition, offset=offset, key=shown(key), value=shown(value),
        headers=[[name, shown(data)] for name, data in headers or []])
