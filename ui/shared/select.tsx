import { Select as Radix } from 'radix-ui';
import { Icon } from './icon.tsx';
import './menus.css';

export interface Choice<V extends string> {
  readonly value: V;
  readonly label: string;
  readonly note?: string;
  readonly disabled?: boolean;
}

interface SelectProps<V extends string> {
  readonly id?: string;
  /** Where no label element names it. */
  readonly label?: string;
  readonly value: V | undefined;
  readonly choices: readonly Choice<V>[];
  readonly onChange: (value: V) => void;
  readonly placeholder?: string;
  readonly disabled?: boolean;
}

/** One of a list. Values must not be empty texts. */
export function Select<V extends string>({ id, label, value, choices, onChange, placeholder = 'Choose', disabled }: SelectProps<V>) {
  return (
    <Radix.Root value={value ?? ''} onValueChange={(next) => next !== '' && onChange(next as V)} disabled={disabled}>
      <Radix.Trigger id={id} className="select" aria-label={label}>
        <Radix.Value placeholder={placeholder} />
        <Radix.Icon asChild>
          <span>
            <Icon name="chevronDown" size={14} />
          </span>
        </Radix.Icon>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className="menu select-menu" position="popper" sideOffset={4} collisionPadding={8}>
          <Radix.Viewport>
            {choices.map((choice) => (
              <Radix.Item key={choice.value} value={choice.value} disabled={choice.disabled} className="menu-item">
                <Radix.ItemIndicator className="menu-check">
                  <Icon name="check" size={14} />
                </Radix.ItemIndicator>
                <span>
                  <Radix.ItemText>{choice.label}</Radix.ItemText>
                  {choice.note && <small>{choice.note}</small>}
                </span>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
