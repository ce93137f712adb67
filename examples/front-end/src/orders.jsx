import axios from 'axios'
import { useEffect, useState } from 'react'

// VITE_API=/api asks by way of Vite's dev server: vite.config.mjs.
const api = axios.create({ baseURL: import.meta.env.VITE_API ?? 'http://localhost:3000' })

export function Orders() {
  const [text, setText] = useState('…')
  useEffect(() => {
    api
      .get('/orders', { headers: { authorization: 'Bearer demo' } })
      .then(({ data, headers }) => setText(`${data.length} of ${headers['x-total-count']}`))
      .catch((error) => setText(`failed: ${error.message}`))
  }, [])
  return <p role="status">{text}</p>
}
