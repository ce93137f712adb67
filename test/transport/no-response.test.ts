import { createServer } from 'node:http'
import { type AddressInfo, createServer as createSocketServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { toNetworkError } from '../../src/transport/no-response.js'
import { nodeHttpTransport } from '../../src/transport/node-http-transport.js'
import { undiciTransport } from '../../src/transport/undici-transport.js'

const openssl = (reason: string): string =>
  `806C8FDE2B7F0000:error:0A00010B:SSL routines:ssl3_get_record:${reason}:../deps/openssl/openssl/ssl/record/rec_layer_s3.c:1601:SSL alert number 120\n`

function said(code: string, message: string): string {
  const error = Object.assign(new Error(message), { code })
  return toNetworkError(error, { method: 'GET', url: 'https://api.example.com/' }).message
}

const AUTHORITY = /NODE_EXTRA_CA_CERTS.*new Agent\(\{ connect: \{ ca \} \}\)/
const CLIENT = /client certificate.*new Agent\(\{ connect: \{ cert, key \} \}\)/

test.each(['000', '099'])('a status of %s is not a valid response', async (status) => {
  const server = createSocketServer((socket) => {
    socket.on('error', () => {}).once('data', () => socket.end(`HTTP/1.1 ${status} OK\r\n\r\n`))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const sending = undiciTransport().send({ method: 'GET', url: `http://127.0.0.1:${port}/`, headers: [] })
  await expect(sending).rejects.toThrow(/is not a valid HTTP\/1\.1 response/)
  server.close()
})

describe.each([
  ['undici', undiciTransport()],
  ['node:http', nodeHttpTransport],
] as const)('through %s', (_name, transport) => {
  test.each(['Upgrade: websocket\r\nConnection: Upgrade\r\n', ''])(
    'a status of 101 that nobody asked for is said: %j',
    async (lines) => {
      const server = createSocketServer((socket) => {
        const head = `HTTP/1.1 101 Switching Protocols\r\nAccess-Control-Allow-Origin: *\r\n${lines}\r\n`
        socket.on('error', () => {}).once('data', () => socket.write(head))
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const { port } = server.address() as AddressInfo
      const url = `http://127.0.0.1:${port}/`
      await expect(transport.send({ method: 'GET', url, headers: [] })).rejects.toThrow(
        `GET ${url} got no response: the server at 127.0.0.1:${port} switched protocols (status 101), which the request had not asked for`,
      )
      server.close()
    },
  )
})

test('a server whose TLS never gets ready holds no request beyond its signal', async () => {
  const silent = createSocketServer((socket) => void socket.on('error', () => {}))
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const url = `https://127.0.0.1:${(silent.address() as AddressInfo).port}/`
  const sending = undiciTransport().send({ method: 'GET', url, headers: [], signal: AbortSignal.timeout(50) })
  await expect(sending).rejects.toThrow(/time ran out/)
  silent.close()
})

describe('faults of TLS', () => {
  test.each<[code: string, message: string, advice: RegExp]>([
    ['ERR_SSL_WRONG_VERSION_NUMBER', openssl('wrong version number'), /the port speaks http/],
    ['EPROTO', `write EPROTO ${openssl('wrong version number')}`, /the port speaks http/],
    ['ERR_SSL_PACKET_LENGTH_TOO_LONG', openssl('packet length too long'), /the port speaks http/],
    [
      'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL',
      openssl('tlsv1 alert no application protocol'),
      /the server speaks only HTTP\/2; pass dispatcher: new Agent\(\{ allowH2: true \}\)/,
    ],
    ['EPROTO', openssl('tlsv1 alert no application protocol'), /speaks only HTTP\/2/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate', AUTHORITY],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate in certificate chain', AUTHORITY],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unable to verify the first certificate', AUTHORITY],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'unable to get local issuer certificate', AUTHORITY],
    ['CERT_UNTRUSTED', 'certificate not trusted', AUTHORITY],
    ['CERT_HAS_EXPIRED', 'certificate has expired', /not valid today$/],
    ['CERT_NOT_YET_VALID', 'certificate is not yet valid', /not valid today$/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', "Hostname/IP does not match certificate's altnames", /other names$/],
    ['HOSTNAME_MISMATCH', 'hostname mismatch', /other names$/],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', openssl('tlsv13 alert certificate required'), CLIENT],
    ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', openssl('sslv3 alert bad certificate'), CLIENT],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', openssl('tlsv1 alert unknown ca'), CLIENT],
    ['CERT_REVOKED', 'certificate revoked', /failed \(certificate revoked \[CERT_REVOKED\]\)$/],
    [
      'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
      openssl('sslv3 alert handshake failure'),
      /failed \(sslv3 alert handshake failure \[ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE\]\)$/,
    ],
    ['EPROTO', `write EPROTO ${openssl('tlsv1 alert protocol version')}`, /protocol version \[EPROTO\]\)$/],
  ])('%s %j', (code, message, advice) => {
    const words = said(code, message)
    expect(words).toContain(
      'GET https://api.example.com/ got no response: the TLS connection to api.example.com failed (',
    )
    expect(words).toMatch(advice)
    expect(words).not.toMatch(/\n|deps\/openssl/)
    if (advice !== AUTHORITY) expect(words).not.toContain('NODE_EXTRA_CA_CERTS')
  })

  test.each([
    ['undici', undiciTransport()],
    ['node:http', nodeHttpTransport],
  ])('a port that speaks http, through %s', async (_name, transport) => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`
    await expect(transport.send({ method: 'GET', url, headers: [] })).rejects.toThrow(
      /failed \([\w ]+ \[\w+\]\): the port speaks http/,
    )
    server.close()
  })
})

test('what an error says is escaped', () => {
  expect(said('E', 'SSH-2.0\u001b[31m\u202e')).toMatch(/SSH-2\.0\\x1b\[31m\\u202e/)
})
