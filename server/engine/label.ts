import { Component, type ComponentEdit, type StoredBase } from './component.ts';
import type { ProcessGroup } from './process-group.ts';
import type { Runtime } from './runtime.ts';

export interface LabelConfig {
  readonly text: string;
  readonly width: number;
  readonly height: number;
  readonly zIndex: number;
  readonly style: Readonly<Record<string, string>>;
}

export interface LabelEdit extends ComponentEdit, Partial<LabelConfig> {}

export interface StoredLabel extends StoredBase {
  readonly config: LabelConfig;
}

/** A note on the canvas. */
export class Label extends Component {
  readonly kind = 'LABEL';
  declare group: ProcessGroup;
  #config: LabelConfig = { text: '', width: 150, height: 150, zIndex: 0, style: {} };

  constructor(runtime: Runtime, id: string, group: ProcessGroup) {
    super(runtime, id, 'Label', group);
  }

  get config(): LabelConfig {
    return this.#config;
  }

  configure(edit: LabelEdit): void {
    const { text, width, height, zIndex, style } = edit;
    const old = this.#config;
    this.#config = { text: text ?? old.text, width: width ?? old.width, height: height ?? old.height, zIndex: zIndex ?? old.zIndex, style: style ?? old.style };
    this.editBase(edit);
    this.runtime.touch(this);
  }

  toStored(): StoredLabel {
    return { ...this.storedBase(), config: this.#config };
  }

  restore(stored: StoredLabel): void {
    this.restoreBase(stored);
    this.#config = stored.config;
  }
}
