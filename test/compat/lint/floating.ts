import { openPage } from 'expect-cors'

export function forgets(): void {
  const page = openPage('https://app.example.com')
  page.fetch('https://api.example.com/orders')
}
