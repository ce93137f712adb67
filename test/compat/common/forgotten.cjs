// A live assertion that nothing waits for fails the very test that made it: run with a report, those tests fail whose names begin with
// "forgets", and no others.
const { createServer } = require('node:http')

exports.defineForgotten = ({ test, expect }) => {
  const origin = 'https://app.example.com'
  const stranger = 'https://stranger.example'
  const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
  const app = createServer((_request, response) => {
    setTimeout(() => response.setHeader('Access-Control-Allow-Origin', origin).end(), 20)
  })
  const atOnce = () => new Response(null, { headers: { 'Access-Control-Allow-Origin': origin } })
  const hanging = () => new Promise(() => {})

  test('before', async () => {
    await expect(app).toAllowOrigin(origin)
  })
  test('forgets', () => {
    expect(app).toAllowOrigin(origin)
  })
  test('forgets a failure', () => {
    expect(app).toAllowOrigin(stranger, { path: '/?token=s3cret' })
  })
  test('forgets a negative', () => {
    expect(app).not.toAllowOrigin(stranger)
  })
  test('forgets what is answered at once', () => {
    expect(atOnce).toAllowOrigin(origin)
  })
  test('forgets what failed at once', async () => {
    expect(atOnce).not.toAllowOrigin(origin)
    await sleep(50)
  })
  test('forgets what was answered long before', async () => {
    expect(app).not.toAllowOrigin(stranger)
    await sleep(100)
  })
  test('forgets what hangs', () => {
    expect(hanging).toAllowOrigin(origin)
  })
  test('forgets two', () => {
    expect(app).toAllowOrigin(origin)
    expect(app).not.toAllowAnyOrigin()
  })
  test('forgets one of two', async () => {
    expect(atOnce).toAllowOrigin(origin)
    await expect(app).toAllowOrigin(origin)
  })
  test('forgets one that resolves', () => {
    expect(Promise.resolve(app)).resolves.not.toAllowOrigin(stranger)
  })
  test('after', async () => {
    await sleep(100)
    await expect(app).toAllowOrigin(origin)
  })

  test('returns', () => expect(app).toAllowOrigin(origin))
  test('waits later', async () => {
    const first = expect(atOnce).toAllowOrigin(origin)
    const second = expect(app).not.toAllowOrigin(stranger)
    await sleep(60)
    await first
    await second
  })
  test('waits for all', async () => {
    await Promise.all([expect(app).toAllowOrigin(origin), expect(atOnce).toAllowOrigin(origin)])
    await Promise.allSettled([expect(app).toAllowOrigin(stranger)])
    await Promise.race([expect(hanging).toAllowOrigin(origin), expect(app).toAllowOrigin(origin)])
  })
  test('catches', async () => {
    await expect(app)
      .toAllowOrigin(stranger)
      .catch(() => {})
    expect(atOnce)
      .toAllowOrigin(stranger)
      .catch(() => {})
    await expect(app)
      .toAllowOrigin(origin)
      .finally(() => {})
    await expect(expect(app).toAllowOrigin(stranger)).rejects.toThrow('Access-Control-Allow-Origin')
    await expect(Promise.resolve(app)).resolves.not.toAllowOrigin(stranger)
  })
  test('counts', async () => {
    expect.assertions(1)
    await expect(app).toAllowOrigin(origin)
  })
}
