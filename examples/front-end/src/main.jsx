import { createRoot } from 'react-dom/client'
import { Orders } from './orders.jsx'

createRoot(document.getElementById('root')).render(<Orders />)
