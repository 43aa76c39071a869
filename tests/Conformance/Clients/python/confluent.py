"""Drives confluent-kafka-python (librdkafka)."""
import signal
import sys
import time

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, ConfigResource, NewTopic

from scenario import record, say, say_record, until_gone

LIMIT_SECONDS = 30
bootstrap, command, topic, *rest = sys.argv[1:]


def produce(acks, codec, count, size):
    acknowledged, errors = 0, []

    def delivered(error, _):
        nonlocal acknowledged
        if error:
            errors.append(error.name() if hasattr(error, "name") else str(error))
        else:
            acknowledged += 1

    producer = Producer({"bootstrap.servers": bootstrap, "acks": acks, "compression.type": codec, "linger.ms": 20,
                         "message.max.bytes": 8_000_000, "message.timeout.ms": 15_000})
    for index in range(int(count)):
        key, value = record(index, int(size))
        producer.produce(topic, value=value, key=key, headers=[("source", b"confluent"), ("index", b"%d" % index)], on_delivery=delivered)
    producer.flush(LIMIT_SECONDS)
    say(error=errors[0]) if errors else say(acknowledged=acknowledged)


def consumer(group, **extra):
    return Consumer({"bootstrap.servers": bootstrap, "group.id": group, "enable.auto.commit": False, "auto.offset.reset": "earliest",
                     "session.timeout.ms": 6000, "heartbeat.interval.ms": 300, "fetch.message.max.bytes": 4_000_000, **extra})


def read(client, count):
    end = time.monotonic() + LIMIT_SECONDS
    while count > 0 and time.monotonic() < end:
        message = client.poll(0.2)
        if message is None:
            continue
        if message.error():
            raise KafkaException(message.error())
        say_record(message.partition(), message.offset(), message.key(), message.value(), message.headers())
        count -= 1


def consume(partition, start, count):
    client = consumer("unused")
    kind, number = start.split(":")
    position = TopicPartition(topic, int(partition), int(number))
    if kind == "time":
        position = client.offsets_for_times([position], timeout=10)[0]
    client.assign([position])
    read(client, int(count))
    client.close()


def resume(group, count):
    client = consumer(group)
    client.subscribe([topic])
    read(client, int(count))
    client.commit(asynchronous=False)
    client.close()


def member(group):
    stopped = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    client = consumer(group)
    client.subscribe([topic], on_assign=lambda _, partitions: say(assigned=sorted(p.partition for p in partitions)))
    while not stopped:
        message = client.poll(0.1)
        if message is not None and not message.error():
            say_record(message.partition(), message.offset(), message.key(), message.value(), message.headers())
            client.commit(asynchronous=False)
    client.close()


def admin():
    client = AdminClient({"bootstrap.servers": bootstrap})
    client.create_topics([NewTopic(topic, 3, 1, config={"retention.ms": "12345"})])[topic].result(15)
    resource = ConfigResource(ConfigResource.Type.TOPIC, topic)
    retention = client.describe_configs([resource])[resource].result(15)["retention.ms"].value
    partitions = len(client.list_topics(timeout=10).topics[topic].partitions)
    client.delete_topics([topic])[topic].result(15)
    say(partitions=partitions, retention=retention, deleted=until_gone(lambda: client.list_topics(timeout=10).topics, topic))


def transaction():
    start = time.monotonic()
    try:
        producer = Producer({"bootstrap.servers": bootstrap, "transactional.id": topic + "-id"})
        producer.init_transactions(20)
        producer.begin_transaction()
        producer.produce(topic, b"never")
        producer.commit_transaction(20)
        say(error="", seconds=time.monotonic() - start)
    except KafkaException as error:
        say(error=str(error), seconds=time.monotonic() - start)


{"produce": produce, "consume": consume, "resume": resume, "member": member, "admin": admin, "transaction": transaction}[command](*rest)
