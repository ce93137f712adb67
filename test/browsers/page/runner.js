// The page that an engine is started with: fetches scenarios from its own origin, runs them where they belong, posts the outcomes.

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

async function post(path, data) {
  for (let attempt = 0; ; attempt++) {
    try {
      const response = await fetch(`/__/${path}`, { method: 'POST', body: JSON.stringify(data) })
      return await response.json()
    } catch (error) {
      if (attempt === 5) throw error
      await sleep(300)
    }
  }
}

const pending = new Map()
const settle = ({ data }) => {
  pending.get(data.n)?.(data.outcome)
  pending.delete(data.n)
}

const contexts = {
  async 'sandboxed-iframe'() {
    const frame = document.createElement('iframe')
    frame.setAttribute('sandbox', 'allow-scripts')
    frame.src = '/__frame'
    const ready = new Promise((resolve) => {
      addEventListener('message', ({ data }) => data.ready && resolve())
    })
    document.body.append(frame)
    await ready
    addEventListener('message', settle)
    return (message) => frame.contentWindow.postMessage(message, '*')
  },
  async worker() {
    const worker = new Worker('/__/worker.js')
    worker.onmessage = settle
    return (message) => worker.postMessage(message)
  },
}
const senders = {}
let count = 0

async function inContext(context, step, url) {
  if (context === 'window') return runStep(step, url)
  senders[context] ??= await contexts[context]()
  const n = ++count
  const outcome = new Promise((resolve) => pending.set(n, resolve))
  senders[context]({ n, step, url })
  return Promise.race([outcome, sleep(12_000).then(() => ({ outcome: 'timeout' }))])
}

async function main() {
  let message = await post('start', { origin: location.origin })
  while (message.id !== undefined) {
    const { id, context, steps } = message
    const outcomes = []
    for (const [index, { wait, request, url }] of steps.entries()) {
      if (wait) await sleep(wait)
      if (index > 0) await post('step', { id, step: index })
      outcomes.push(await inContext(context, request, url))
    }
    message = await post('result', { id, steps: outcomes })
  }
  if (message.goto) location.href = message.goto
  else document.body.textContent = 'done'
}

addEventListener('DOMContentLoaded', () => {
  main().catch((error) => post('fail', { error: String(error?.stack ?? error) }))
})
