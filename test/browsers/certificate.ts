/** A certificate authority of the run's own and a certificate for every name, made by openssl. */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

export interface Certificate {
  readonly key: Buffer
  readonly cert: Buffer
}

/** Makes both in a folder; the authority's certificate is `ca.pem` there. */
export function makeCertificate(dir: string, hosts: readonly string[]): Certificate {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: dir, stdio: 'ignore' })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  writeFileSync(
    path.join(dir, 'openssl.cnf'),
    `[req]\ndistinguished_name=dn\n[dn]\n[ca]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n` +
      `[leaf]\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n` +
      `subjectAltName=${hosts.map((host) => `DNS:${host}`).join(',')}\n`,
  )
  const config = ['-config', 'openssl.cnf']
  const ca = ['-subj', '/CN=Recorder test CA', '-extensions', 'ca', '-keyout', 'ca.key', '-out', 'ca.pem']
  openssl('req', '-x509', ...config, ...key, '-days', '7', ...ca)
  openssl('req', ...config, ...key, '-subj', '/CN=Recorder', '-keyout', 'leaf.key', '-out', 'leaf.csr')
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '7', '-out', 'leaf.pem']
  openssl('x509', '-req', '-in', 'leaf.csr', ...signed, '-extfile', 'openssl.cnf', '-extensions', 'leaf')
  return { key: readFileSync(path.join(dir, 'leaf.key')), cert: readFileSync(path.join(dir, 'leaf.pem')) }
}
