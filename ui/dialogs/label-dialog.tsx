import { componentPath } from '../api/components.ts';
import type { LabelEntity } from '../api/shapes.ts';
import { EditDialog } from '../shared/edit/edit-dialog.tsx';
import type { Fields } from '../shared/edit/fields.ts';
import { type FieldMapping, useEdit } from '../shared/edit/use-edit.ts';
import { Field, TextArea } from '../shared/field.tsx';
import { Select } from '../shared/select.tsx';
import { Loaded } from './loaded.tsx';
import type { ConfigureProps } from './view-props.ts';

const NAMES: Readonly<Record<string, string>> = { label: 'Text', 'background-color': 'Colour', 'font-size': 'Size of the text' };

const mapping: FieldMapping<LabelEntity> = {
  read: ({ component: { label, style } }) => ({ label, 'background-color': style['background-color'], 'font-size': style['font-size'] }) as Fields,
  write: ({ label, ...style }, { component }) => ({ label, ...(Object.keys(style).length > 0 ? { style: { ...component.style, ...style } } : {}) }),
};

const COLOURS: Readonly<Record<string, string>> = {
  '#fff7d7': 'Yellow',
  '#ffe3d3': 'Orange',
  '#fbdde0': 'Red',
  '#ece0f8': 'Purple',
  '#dbe9fb': 'Blue',
  '#d5f0ea': 'Teal',
  '#e0f2d6': 'Green',
  '#e9ecef': 'Grey',
};
const SIZES = ['10px', '12px', '14px', '16px', '18px', '24px', '32px'].map((value) => ({ value, label: value.replace('px', ' px') }));

export function LabelDialog({ id, onClose }: ConfigureProps) {
  return (
    <Loaded<LabelEntity> path={componentPath('label', id)} what="Label" onClose={onClose}>
      {(entity) => <Configuration entity={entity} onClose={onClose} />}
    </Loaded>
  );
}

function Configuration({ entity, onClose }: { readonly entity: LabelEntity; readonly onClose: () => void }) {
  const edit = useEdit(componentPath('label', entity.id), entity, mapping);
  const colour = edit.value<string | undefined>('background-color');
  return (
    <EditDialog title="Label" size="large" edit={edit} nameOf={(key) => NAMES[key] ?? key} onClose={onClose}>
      <div className="form-grid">
        <div className="wide">
          <TextArea label="Text" rows={6} value={edit.value<string>('label')} onChange={(value) => edit.set('label', value)} />
        </div>
        <div className="field">
          <span className="field-label">Colour</span>
          <div className="swatches">
            {Object.entries(COLOURS).map(([value, name]) => (
              <button
                key={value}
                type="button"
                style={{ background: value }}
                aria-label={name}
                title={name}
                aria-pressed={colour === value}
                onClick={() => edit.set('background-color', value)}
              />
            ))}
          </div>
        </div>
        <Field label="Size of the text">
          {({ id }) => <Select id={id} value={edit.value<string | undefined>('font-size') ?? '12px'} choices={SIZES} onChange={(value) => edit.set('font-size', value)} />}
        </Field>
      </div>
    </EditDialog>
  );
}
