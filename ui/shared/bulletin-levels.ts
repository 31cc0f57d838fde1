/** From which level on a component's reports are shown as bulletins. */
export const BULLETIN_LEVELS = [
  { value: 'DEBUG', label: 'Debug' },
  { value: 'INFO', label: 'Info' },
  { value: 'WARN', label: 'Warning' },
  { value: 'ERROR', label: 'Error' },
  { value: 'NONE', label: 'None' },
] as const;
