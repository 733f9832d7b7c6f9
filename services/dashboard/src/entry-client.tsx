import { hydrateRoot } from 'react-dom/client';
import { App } from './app.js';
import './app.css';

const root = document.getElementById('root');
if (root !== null) hydrateRoot(root, <App />);
