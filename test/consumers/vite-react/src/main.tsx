import { createRoot } from 'react-dom/client';
import { Chat } from './Chat';

const id = new URLSearchParams(location.search).get('user') ?? 'nobody';
createRoot(document.getElementById('root')!).render(<Chat user={{ id }} />);
