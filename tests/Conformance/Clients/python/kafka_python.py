"""Drives kafka-python 2.0.2, which finds out the broker's version by a probe of its own."""
import signal
import sys

from kafka import ConsumerRebalanceListener, KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, NewTopic
from kafka.errors import KafkaError
from kafka.structs import OffsetAndMetadata

from scenario import record, say, say_record, until_gone

LIMIT_MILLISECONDS = 30_000
bootstrap, command, topic, *rest = sys.argv[1:]


def produce(acks, codec, count, size):
    producer = KafkaProducer(bootstrap_servers=bootstrap, acks=acks if acks == "all" else int(acks), linger_ms=20,
                             compression_type=None if codec == "none" else codec, max_request_size=8_000_000, retries=2)
    sent = []
    try:
        for index in range(int(count)):
            key, value = record(index, int(size))
            headers = [("source", b"kafka-python"), ("index", b"%d" % index)]
            sent.append(producer.send(topic, value=value, key=key, headers=headers))
        producer.flush(30)
        for future in sent:
            future.get(15)
        say(acknowledged=len(sent))
    except KafkaError as error:
        say(error=type(error).__name__)
    finally:
        producer.close(5)


def consumer(group=None):
    return KafkaConsumer(bootstrap_servers=bootstrap, group_id=group, enable_auto_commit=False, auto_offset_reset="earliest",
                         session_timeout_ms=6000, heartbeat_interval_ms=300, consumer_timeout_ms=LIMIT_MILLISECONDS,
                         max_partition_fetch_bytes=4_000_000)


def say_message(message):
    say_record(message.partition, message.offset, message.key, message.value, message.headers)


def read(client, count):
    for message in client:
        say_message(message)
        count -= 1
        if count == 0:
            return message


def consume(partition, start, count):
    client = consumer()
    kind, number = start.split(":")
    where = TopicPartition(topic, int(partition))
    client.assign([where])
    client.seek(where, client.offsets_for_times({where: int(number)})[where].offset if kind == "time" else int(number))
    read(client, int(count))
    client.close()


def resume(group, count):
    client = consumer(group)
    client.subscribe([topic])
    last = read(client, int(count))
    client.commit({TopicPartition(topic, last.partition): OffsetAndMetadata(last.offset + 1, "")})
    client.close(autocommit=False)


class SayAssigned(ConsumerRebalanceListener):
    def on_partitions_revoked(self, revoked):
        pass

    def on_partitions_assigned(self, assigned):
        say(assigned=sorted(p.partition for p in assigned))


def member(group):
    stopped = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    client = consumer(group)
    client.subscribe([topic], listener=SayAssigned())
    while not stopped:
        for messages in client.poll(timeout_ms=100).values():
            for message in messages:
                say_message(message)
            try:
                client.commit()
            except KafkaError:
                pass  # the group is rebalancing: the records come again, to whoever gets the partition
    client.close()


def admin():
    client = KafkaAdminClient(bootstrap_servers=bootstrap)
    client.create_topics([NewTopic(topic, 3, 1, topic_configs={"retention.ms": "12345"})], timeout_ms=15_000)
    described = client.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
    settings = {entry[0]: entry[1] for response in described for resource in response.resources for entry in resource[4]}
    partitions = len(client.describe_topics([topic])[0]["partitions"])
    client.delete_topics([topic], timeout_ms=15_000)
    say(partitions=partitions, retention=settings["retention.ms"], deleted=until_gone(client.list_topics, topic))


def probe():
    client = consumer()
    say(version=list(client.config["api_version"]))
    client.close()


{"produce": produce, "consume": consume, "resume": resume, "member": member, "admin": admin, "probe": probe}[command](*rest)
