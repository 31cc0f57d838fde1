import { useState } from 'react';
import { contentUrl, useFlowFile } from '../api/queues.ts';
import type { FlowFileSummaryDto } from '../api/shapes.ts';
import { AttributeTable } from '../shared/attribute-table.tsx';
import { Icon } from '../shared/icon.tsx';
import { Failure, Loading } from '../shared/message.tsx';
import { Tabs } from '../shared/tabs.tsx';
import { ContentViewer } from './content-viewer.tsx';

const TABS = [
  { key: 'content', title: 'Content' },
  { key: 'attributes', title: 'Attributes' },
] as const;

interface FlowFileDetailProps {
  readonly connectionId: string;
  readonly flowFile: FlowFileSummaryDto;
}

export function FlowFileDetail({ connectionId, flowFile: { uuid, size, filename } }: FlowFileDetailProps) {
  const [tab, setTab] = useState<(typeof TABS)[number]['key']>('content');
  return (
    <div className="flowfile">
      <Tabs label="About the FlowFile" tabs={TABS} current={tab} onChange={setTab}>
        {tab === 'content' ? <ContentViewer connectionId={connectionId} uuid={uuid} size={size} /> : <Attributes connectionId={connectionId} uuid={uuid} />}
      </Tabs>
      {size > 0 && (
        <a className="button download" data-size="small" data-tone="quiet" href={contentUrl(connectionId, uuid)} download={filename ?? uuid}>
          <Icon name="download" size={14} />
          Download
        </a>
      )}
    </div>
  );
}

function Attributes({ connectionId, uuid }: { readonly connectionId: string; readonly uuid: string }) {
  const { data: flowFile, error, refetch } = useFlowFile(connectionId, uuid);
  if (!flowFile) return error ? <Failure title="The attributes could not be read" error={error} onRetry={() => void refetch()} /> : <Loading>Reading the attributes</Loading>;
  return <AttributeTable attributes={flowFile.attributes} />;
}
