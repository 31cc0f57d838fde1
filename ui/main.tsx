import '@xyflow/react/dist/base.css';
import './shared/theme.css';
import './shared/controls.css';
import './shared/surfaces.css';
import './shared/fields.css';
import './shared/listing.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createQueryClient } from './api/query-client.ts';
import { Gate } from './gate.tsx';
import { startTheme } from './shared/theme.ts';
import { TooltipProvider } from './shared/tooltip.tsx';

startTheme();

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={createQueryClient()}>
      <TooltipProvider delayDuration={350}>
        <Gate />
      </TooltipProvider>
    </QueryClientProvider>
  </StrictMode>,
);
