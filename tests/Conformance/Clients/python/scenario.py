"""What the two Python drivers share: the records they produce, and how they print what they read."""
import hashlib
import json
import time


def record(index, size):
    key = None if index % 3 == 0 else b"key-%d" % index
    value = None if index % 3 and index % 7 == 0 and size < 1000 else (b"value-%d-" % index).ljust(size, b"x")
    return key, value


def until_gone(topics, topic):
    """Whether the topic goes from the lists within 5 s: it may still be in those made just before."""
    end = time.monotonic() + 5
    while topic in topics() and time.monotonic() < end:
        time.sleep(0.05)
    return topic not in topics()


def say(**fields):
    print(json.dumps(fields), flush=True)


def shown(data):
    if data is None:
        return None
    return data.decode() if len(data) <= 100 else "sha256:" + hashlib.sha256(data).hexdigest()


def say_record(message_partition, offset, key, value, headers):
    say(partition=message_partition, offset=offset, key=shown(key), value=shown(value),
        headers=[[name, shown(data)] for name, data in headers or []])
