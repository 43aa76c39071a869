// Drives @platformatic/kafka 1.35.0.
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { record, say, sayRecord, untilGone, within } from './scenario.mjs'

const require = createRequire(process.env.OTTLA_NODE_MODULES + '/')
const { Admin, Consumer, Producer, MessagesStreamModes, ListOffsetTimestamps } = await import(pathToFileURL(require.resolve('@platformatic/kafka')))
const [bootstrap, command, topic, ...rest] = process.argv.slice(2)
const base = { clientId: 'conformance', bootstrapBrokers: [bootstrap], retries: 3, retryDelay: 100 }

async function produce (acks, codec, count, size) {
  const producer = new Producer({ ...base, autocreateTopics: false })
  const messages = Array.from({ length: Number(count) }, (_, index) => {
    const { key, value } = record(index, Number(size))
    const headers = new Map([[Buffer.from('source'), Buffer.from('platformatic')], [Buffer.from('index'), Buffer.from(`${index}`)]])
    return { topic, key: key ?? undefined, value: value ?? undefined, headers }
  })
  try {
    await producer.send({ messages, acks: acks === 'all' ? -1 : Number(acks), compression: codec })
    say({ acknowledged: messages.length })
  } catch (error) {
    say({ error: deepest(error) })
  }
  await producer.close()
}

function deepest (error) {
  const inner = error.errors?.at(-1) ?? error.cause
  return inner ? deepest(inner) : error.apiId ?? error.message
}

function newConsumer (groupId) {
  return new Consumer({ ...base, groupId, sessionTimeout: 6000, heartbeatInterval: 300, rebalanceTimeout: 10_000 })
}

async function read (stream, count, partition) {
  let last
  let left = count
  for await (const message of stream) {
    if (partition !== undefined && message.partition !== partition) continue
    sayRecord(message.partition, message.offset, message.key, message.value, [...message.headers.entries()])
    last = message
    if (--left === 0) break
  }
  return last
}

const streamOptions = { topics: [topic], autocommit: false, maxWaitTime: 200, maxBytes: 8_000_000, maxBytesPerPartition: 4_000_000 }

async function consume (partition, start, count) {
  const consumer = newConsumer(`${topic}-${process.pid}`)
  const [kind, number] = start.split(':')
  let offset = BigInt(number)
  if (kind === 'time') {
    const found = await consumer.listOffsetsWithTimestamps({ topics: [topic], timestamp: BigInt(number) })
    offset = found.get(topic).get(Number(partition)).offset
  }
  const stream = await consumer.consume({ ...streamOptions, mode: MessagesStreamModes.MANUAL, offsets: [{ topic, partition: Number(partition), offset }] })
  await read(stream, Number(count), Number(partition))
  await consumer.close(true)
}

async function resume (group, count) {
  const consumer = newConsumer(group)
  const stream = await consumer.consume({ ...streamOptions, mode: MessagesStreamModes.COMMITTED, fallbackMode: 'earliest' })
  const last = await read(stream, Number(count))
  await consumer.commit({ offsets: [{ topic, partition: last.partition, offset: last.offset + 1n, leaderEpoch: 0 }] })
  await consumer.close(true)
}

async function member (group) {
  const consumer = newConsumer(group)
  const announce = () => say({ assigned: (consumer.assignments ?? []).filter(a => a.topic === topic).flatMap(a => a.partitions) })
  consumer.on('consumer:group:join', announce)
  const stream = await consumer.consume({ ...streamOptions, autocommit: true, mode: MessagesStreamModes.COMMITTED, fallbackMode: 'earliest' })
  process.on('SIGTERM', () => consumer.close(true).then(() => process.exit(0)))
  await read(stream, -1)
}

async function admin () {
  const client = new Admin(base)
  await client.createTopics({ topics: [topic], partitions: 3, replicas: 1, configs: [{ name: 'retention.ms', value: '12345' }] })
  const metadata = await client.metadata({ topics: [topic], forceUpdate: true })
  const described = await client.describeConfigs({ resources: [{ resourceType: 2, resourceName: topic, configurationKeys: ['retention.ms'] }] })
  await client.deleteTopics({ topics: [topic] })
  const deleted = await untilGone(() => client.listTopics(), topic)
  say({ partitions: metadata.topics.get(topic).partitions.length, retention: described[0].configs.find(c => c.name === 'retention.ms').value, deleted })
  await client.close()
}

const work = { produce, consume, resume, member, admin }[command](...rest)
await (command === 'member' ? work : within(work))
