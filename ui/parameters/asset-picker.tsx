import { useRef, useState } from 'react';
import { deleteAsset, uploadAsset, useAssets } from '../api/parameters.ts';
import { Button, IconButton } from '../shared/button.tsx';
import { Check } from '../shared/field.tsx';
import { noticeFailed } from '../shared/notices.ts';

interface Asset {
  readonly id: string;
  readonly name: string;
}

interface AssetPickerProps {
  readonly contextId: string;
  readonly chosen: readonly Asset[];
  readonly onChange: (assets: readonly Asset[]) => void;
}

/** Files of the context, to be chosen; new ones are uploaded at once. */
export function AssetPicker({ contextId, chosen, onChange }: AssetPickerProps) {
  const { data: assets = [], refetch } = useAssets(contextId);
  const [busy, setBusy] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const upload = async (files: readonly File[]) => {
    setBusy(true);
    try {
      const made: Asset[] = [];
      for (const file of files) made.push(await uploadAsset(contextId, file));
      onChange([...chosen.filter(({ name }) => !made.some((each) => each.name === name)), ...made.map(({ id, name }) => ({ id, name }))]);
    } catch (error) {
      noticeFailed('The file was not uploaded.', error);
    } finally {
      setBusy(false);
      void refetch();
    }
  };
  const remove = async ({ id, name }: Asset) => {
    try {
      await deleteAsset(contextId, id);
      onChange(chosen.filter((each) => each.id !== id));
    } catch (error) {
      noticeFailed(`${name} was not deleted.`, error);
    } finally {
      void refetch();
    }
  };
  return (
    <div className="assets">
      {assets.length === 0 && <p className="faint">No files yet. Each may have up to 1 GB; the parameter's value is the path of its files on the server.</p>}
      <ul>
        {assets.map((asset) => (
          <li key={asset.id}>
            <Check
              label={asset.name}
              note={asset.missingContent ? 'Its content is missing on the server' : undefined}
              checked={chosen.some(({ id }) => id === asset.id)}
              onChange={(on) => onChange(on ? [...chosen, { id: asset.id, name: asset.name }] : chosen.filter(({ id }) => id !== asset.id))}
            />
            <IconButton icon="trash" label={`Delete ${asset.name}`} onClick={() => void remove(asset)} />
          </li>
        ))}
      </ul>
      <input ref={input} type="file" multiple hidden aria-label="Files to upload" onChange={(event) => void upload([...(event.target.files ?? [])])} />
      <Button icon="upload" busy={busy} onClick={() => input.current?.click()}>
        Upload files
      </Button>
    </div>
  );
}
