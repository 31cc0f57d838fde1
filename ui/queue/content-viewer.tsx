import { useCallback } from 'react';
import { contentUrl, fetchPart, useContent } from '../api/queues.ts';
import { ContentPanel } from '../shared/content/content-panel.tsx';
import { Failure, Loading } from '../shared/message.tsx';

interface ContentViewerProps {
  readonly connectionId: string;
  readonly uuid: string;
  readonly size: number;
}

/** The content of a FlowFile that waits in a queue. */
export function ContentViewer({ connectionId, uuid, size }: ContentViewerProps) {
  const { data: content, error, refetch } = useContent(connectionId, uuid, size);
  const readPart = useCallback((start: number, end: number) => fetchPart(contentUrl(connectionId, uuid), start, end), [connectionId, uuid]);
  if (!content) return error ? <Failure title="The content could not be read" error={error} onRetry={() => void refetch()} /> : <Loading>Reading the content</Loading>;
  return <ContentPanel key={uuid} bytes={content.bytes} truncated={content.truncated} size={size} readPart={readPart} />;
}
