import { loadCorsContract } from 'expect-cors'
import { describeCorsContract } from 'expect-cors/vitest'
import { createApi } from './api.mjs'

const contract = loadCorsContract(new URL('cors.yaml', import.meta.url))

describeCorsContract(contract, { dev: createApi({ isDev: true }), staging: createApi() })
