// What the JavaScript drivers share: the records they produce, and how they print what they read.
import { createHash } from 'node:crypto'

export function record (index, size) {
  const key = index % 3 === 0 ? null : Buffer.from(`key-${index}`)
  const value = index % 3 !== 0 && index % 7 === 0 && size < 1000 ? null : Buffer.from(`value-${index}-`.padEnd(size, 'x'))
  return { key, value }
}

export function say (fields) {
  process.stdout.write(JSON.stringify(fields, (_, v) => (typeof v === 'bigint' ? Number(v) : v)) + '\n')
}

function shown (data) {
  if (data === null || data === undefined) return null
  return data.length <= 100 ? data.toString() : 'sha256:' + createHash('sha256').update(data).digest('hex')
}

export function sayRecord (partition, offset, key, value, headers) {
  say({ partition, offset: Number(offset), key: shown(key), value: shown(value), headers: headers.map(([n, v]) => [n.toString(), shown(v)]) })
}

// Whether the topic goes from the lists within 5 s: it may still be in those made just before.
export async function untilGone (topics, topic) {
  const end = performance.now() + 5000
  while ((await topics()).includes(topic) && performance.now() < end) await new Promise(resolve => setTimeout(resolve, 50))
  return !(await topics()).includes(topic)
}

export const limitMilliseconds = 30_000

export function within (promise) {
  return Promise.race([promise, new Promise((resolve, reject) => setTimeout(() => reject(new Error('time is up')), limitMilliseconds).unref())])
}
