// The real API: Express with the `cors` package. `node api.mjs` starts it; POLICY=forgetful as it was.
import { pathToFileURL } from 'node:url'
import cors from 'cors'
import express from 'express'
import { forgetful, policy } from './policy.mjs'

export function createApi({ allow, headers, exposes }) {
  const app = express()
  app.use(cors({ origin: allow, allowedHeaders: headers, exposedHeaders: exposes }))
  app.get('/orders', (request, response) => {
    if (!request.get('authorization')) return response.status(401).json({ error: 'who are you?' })
    response.set('X-Total-Count', '12').json([{ id: 1 }, { id: 2 }])
  })
  return app
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const port = Number(process.env.PORT ?? 3000)
  createApi(process.env.POLICY === 'forgetful' ? forgetful : policy).listen(port, () => {
    console.log(`http://localhost:${port}`)
  })
}
