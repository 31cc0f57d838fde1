import { InvalidRequestError } from '../../engine/errors.ts';
import type { Asset } from '../../engine/assets.ts';
import { HttpError } from '../errors.ts';
import type { Routes } from '../routes.ts';

const MOST_BYTES = 1024 ** 3;

async function* limited(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new HttpError(413, 'An asset may have at most 1 GB.');
    yield chunk;
  }
}

/** /parameter-contexts/{id}/assets */
export function addAssetRoutes(routes: Routes): void {
  const { flow } = routes.services;
  const dto = async (asset: Asset) => ({
    asset: { id: asset.id, name: asset.name, missingContent: asset.missing, digest: asset.missing ? undefined : await flow.assets.digest(asset) },
  });
  routes.get('/:id/assets', async (call) => ({ assets: await Promise.all(flow.assets.list(flow.parameterContext(call.id).id).map(dto)) }));
  routes.post('/:id/assets', async (call) => {
    const { id } = flow.parameterContext(call.id);
    const name = call.request.headers.filename;
    if (typeof name !== 'string' || name === '') throw new InvalidRequestError('The Filename header must name the asset.');
    if (!call.request.is('application/octet-stream')) throw new HttpError(415, 'An asset is uploaded as application/octet-stream.');
    return dto(await flow.assets.store(id, name, limited(call.request)));
  });
  routes.raw('get', '/:id/assets/:assetId', (call, response) => {
    const asset = flow.assets.find(flow.parameterContext(call.id).id, call.parameter('assetId'));
    response.attachment(asset.name).type('application/octet-stream');
    flow.assets
      .read(asset)
      .on('error', (failure) => response.destroy(failure))
      .pipe(response);
  });
  routes.delete('/:id/assets/:assetId', async (call) => {
    const { id, parameters } = flow.parameterContext(call.id);
    const asset = flow.assets.find(id, call.parameter('assetId'));
    const user = [...parameters.values()].find(({ assets }) => assets.some((each) => each.id === asset.id));
    if (user) throw new HttpError(409, `Cannot remove asset ${asset.name} because parameter ${user.name} refers to it. Change that first.`);
    const last = await dto(asset);
    flow.assets.remove(asset);
    return last;
  });
}
