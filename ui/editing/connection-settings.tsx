import { usePrioritizers } from '../api/types.ts';
import { Check, TextField } from '../shared/field.tsx';
import { shortType } from '../shared/format.ts';

export interface Settings {
  readonly name: string;
  readonly backPressureObjectThreshold: string;
  readonly backPressureDataSizeThreshold: string;
  readonly flowFileExpiration: string;
  readonly prioritizers: readonly string[];
}

/** Empty: what the group prescribes. */
export const STANDARD_SETTINGS: Settings = { name: '', backPressureObjectThreshold: '', backPressureDataSizeThreshold: '', flowFileExpiration: '', prioritizers: [] };

/** What of it was said, as the API takes it. */
export function settingsBody({ backPressureObjectThreshold, prioritizers, ...texts }: Settings): object {
  const said = Object.entries(texts).filter(([, text]) => text.trim() !== '');
  return {
    ...Object.fromEntries(said),
    ...(backPressureObjectThreshold.trim() !== '' && { backPressureObjectThreshold: Number(backPressureObjectThreshold) }),
    ...(prioritizers.length > 0 && { prioritizers }),
  };
}

interface ConnectionSettingsProps {
  readonly value: Settings;
  readonly onChange: (value: Settings) => void;
}

/** What may be said of a new connection and need not be. */
export function ConnectionSettings({ value, onChange }: ConnectionSettingsProps) {
  const set = (field: keyof Settings) => (text: string) => onChange({ ...value, [field]: text });
  return (
    <details className="more-settings">
      <summary>Queue, expiration and priorities</summary>
      <div className="settings-grid">
        <TextField label="Name" hint="Instead of the relationships" value={value.name} onChange={set('name')} />
        <TextField label="FlowFiles expire after" placeholder="never" hint="Such as 30 min" value={value.flowFileExpiration} onChange={set('flowFileExpiration')} />
        <TextField
          label="Back pressure at FlowFiles"
          placeholder="10000"
          inputMode="numeric"
          hint="The source waits above it"
          value={value.backPressureObjectThreshold}
          onChange={set('backPressureObjectThreshold')}
        />
        <TextField
          label="Back pressure at size"
          placeholder="1 GB"
          hint="Such as 100 MB"
          value={value.backPressureDataSizeThreshold}
          onChange={set('backPressureDataSizeThreshold')}
        />
      </div>
      <Prioritizers chosen={value.prioritizers} onChange={(prioritizers) => onChange({ ...value, prioritizers })} />
      <p className="field-note">Load balancing, which has an effect in clusters only, is set in the configuration of the connection once it is there.</p>
    </details>
  );
}

function Prioritizers({ chosen, onChange }: { readonly chosen: readonly string[]; readonly onChange: (chosen: readonly string[]) => void }) {
  const { data: prioritizers = [] } = usePrioritizers();
  return (
    <fieldset className="relationships">
      <legend className="field-label">Which FlowFile goes first (several count in the order in which they are ticked)</legend>
      {prioritizers.map(({ type, description }) => {
        const rank = chosen.indexOf(type);
        return (
          <Check
            key={type}
            label={rank < 0 ? shortType(type) : `${rank + 1}. ${shortType(type)}`}
            note={description}
            checked={rank >= 0}
            onChange={(checked) => onChange(checked ? [...chosen, type] : chosen.filter((each) => each !== type))}
          />
        );
      })}
    </fieldset>
  );
}
