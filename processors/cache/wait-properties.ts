import { ATOMIC_MAP_CACHE } from '../../server/extension/map-cache.ts';
import { property } from '../../server/extension/property.ts';

/** The attribute that says since when a FlowFile waits, milliseconds since 1970. */
export const START = 'wait.start.timestamp';

/** Wait's properties. */
export const properties = {
  identifier: property.text('Release Signal Identifier', 'What Notify must name', { required: true, expressions: 'flowfile' }),
  target: property.text('Target Signal Count', 'How often it must be told', { default: '1', expressions: 'flowfile' }),
  counter: property.text('Signal Counter Name', 'Which counter is looked at; without it the sum of all', { expressions: 'flowfile' }),
  batch: property.integer('Wait Buffer Count', 'How many FlowFiles with the same identifier are looked at at once', { default: '1', min: 1, max: 100000 }),
  perPass: property.text('Releasable FlowFile Count', 'How many FlowFiles may go each time that the target is reached; 0 lets all go, and uses nothing up', {
    default: '1',
    expressions: 'flowfile',
  }),
  expiration: property.duration('Expiration Duration', 'How long a FlowFile waits at most', { default: '10 min' }),
  cache: property.service('Distributed Cache Service', 'Where signals are kept', ATOMIC_MAP_CACHE, { required: true }),
  copy: property.choice(
    'Attribute Copy Mode',
    'Whether attributes that Notify hands over replace those that the FlowFile has',
    { replace: 'Replace if present', keeporiginal: 'Keep original' },
    { default: 'keeporiginal' },
  ),
  mode: property.choice('Wait Mode', 'Where FlowFiles wait', { wait: 'Transfer to wait relationship', keep: 'Keep in the upstream connection' }, { default: 'wait' }),
  penalty: property.duration('Wait Penalty Duration', 'How long an identifier that cannot go yet is left alone'),
};
