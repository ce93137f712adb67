// Green, although every browser would block the call.
import { setupServer } from 'msw/node'
import { handlersAt } from './handlers.js'

setupServer(...handlersAt('http://localhost:3000')).listen()
