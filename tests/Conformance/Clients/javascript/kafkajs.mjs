// Drives kafkajs 2.2.4.
import { createRequire } from 'node:module'
import { limitMilliseconds, record, say, sayRecord, untilGone, within } from './scenario.mjs'

const require = createRequire(process.env.OTTLA_NODE_MODULES + '/')
const { Kafka, logLevel, CompressionTypes, ConfigResourceTypes } = require('kafkajs')
const [bootstrap, command, topic, ...rest] = process.argv.slice(2)
const logCreator = () => ({ namespace, label, log }) => process.stderr.write(`${label} ${namespace} ${JSON.stringify(log)}\n`)
const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.INFO, logCreator, retry: { retries: 3, initialRetryTime: 100 } })
const codecs = { none: CompressionTypes.None, gzip: CompressionTypes.GZIP }

function listOf (headers) {
  return Object.entries(headers ?? {})
}

async function produce (acks, codec, count, size) {
  const producer = kafka.producer()
  await producer.connect()
  const messages = Array.from({ length: Number(count) }, (_, index) => ({ ...record(index, Number(size)), headers: { source: 'kafkajs', index: `${index}` } }))
  try {
    await producer.send({ topic, acks: acks === 'all' ? -1 : Number(acks), compression: codecs[codec], messages })
    say({ acknowledged: messages.length })
  } catch (error) {
    say({ error: error.type ?? error.message })
  }
  await producer.disconnect()
}

function groupOptions (groupId) {
  return { groupId, sessionTimeout: 6000, heartbeatInterval: 300, rebalanceTimeout: 10_000, maxBytesPerPartition: 4_000_000, maxWaitTimeInMs: 200 }
}

async function read (consumer, count, { from } = {}) {
  let left = count
  await new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error('time is up')), limitMilliseconds).unref()
    consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: async ({ batch, resolveOffset }) => {
        for (const message of batch.messages) {
          if (left === 0) return
          if (from !== undefined && (batch.partition !== from.partition || Number(message.offset) < from.offset)) continue
          sayRecord(batch.partition, message.offset, message.key, message.value, listOf(message.headers))
          resolveOffset(message.offset)
          if (--left === 0) resolve([batch.partition, message.offset])
        }
      }
    }).catch(reject)
    if (from !== undefined) consumer.seek({ topic, partition: from.partition, offset: `${from.offset}` })
  }).then(async ([partition, offset]) => {
    await consumer.commitOffsets([{ topic, partition, offset: `${BigInt(offset) + 1n}` }])
  })
  await consumer.disconnect()
}

async function consume (partition, start, count) {
  const [kind, number] = start.split(':')
  let offset = Number(number)
  if (kind === 'time') {
    const admin = kafka.admin()
    await admin.connect()
    const found = await admin.fetchTopicOffsetsByTimestamp(topic, Number(number))
    offset = Number(found.find(entry => entry.partition === Number(partition)).offset)
    await admin.disconnect()
  }
  const consumer = kafka.consumer(groupOptions(`${topic}-${process.pid}`))
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await read(consumer, Number(count), { from: { partition: Number(partition), offset } })
}

async function resume (group, count) {
  const consumer = kafka.consumer(groupOptions(group))
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await read(consumer, Number(count))
}

async function member (group) {
  const consumer = kafka.consumer(groupOptions(group))
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => say({ assigned: payload.memberAssignment[topic] ?? [] }))
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  process.on('SIGTERM', () => consumer.disconnect().then(() => process.exit(0)))
  await consumer.run({
    autoCommitThreshold: 1,
    eachMessage: async ({ partition, message }) => sayRecord(partition, message.offset, message.key, message.value, listOf(message.headers))
  })
}

async function admin () {
  const client = kafka.admin()
  await client.connect()
  await client.createTopics({ topics: [{ topic, numPartitions: 3, configEntries: [{ name: 'retention.ms', value: '12345' }] }] })
  const described = await client.describeConfigs({ resources: [{ type: ConfigResourceTypes.TOPIC, name: topic }] })
  const retention = described.resources[0].configEntries.find(entry => entry.configName === 'retention.ms').configValue
  const metadata = await client.fetchTopicMetadata({ topics: [topic] })
  await client.deleteTopics({ topics: [topic] })
  say({ partitions: metadata.topics[0].partitions.length, retention, deleted: await untilGone(() => client.listTopics(), topic) })
  await client.disconnect()
}

async function transaction () {
  const start = performance.now()
  const producer = kafka.producer({ transactionalId: `${topic}-id`, maxInFlightRequests: 1, idempotent: true })
  let error = ''
  try {
    await producer.connect()
    const open = await producer.transaction()
    await open.send({ topic, messages: [{ value: 'never' }] })
    await open.commit()
  } catch (caught) {
    error = caught.type ?? caught.message
  }
  say({ error, seconds: (performance.now() - start) / 1000 })
  await producer.disconnect()
}

const work = { produce, consume, resume, member, admin, transaction }[command](...rest)
await (command === 'member' ? work : within(work))
