import { type DiagnosticsDto, useDiagnostics } from '../api/monitoring.ts';
import { Dialog } from '../shared/dialog.tsx';
import { Fact, Meter } from '../shared/figure.tsx';
import { formatBytes, formatCount, formatPercent } from '../shared/format.ts';
import { Failure, Loading } from '../shared/message.tsx';
import './monitoring.css';

/** How the server itself is doing. */
export function DiagnosticsView({ onClose }: { readonly onClose: () => void }) {
  const { data, error, refetch } = useDiagnostics();
  return (
    <Dialog title="System diagnostics" size="large" onClose={onClose}>
      {data ? (
        <Diagnostics diagnostics={data} />
      ) : error ? (
        <Failure title="The diagnostics could not be read" error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading>Reading the diagnostics</Loading>
      )}
    </Dialog>
  );
}

interface UsageProps {
  readonly label: string;
  readonly used: number;
  readonly total: number;
}

function Usage({ label, used, total }: UsageProps) {
  const percent = total > 0 ? (used * 100) / total : 0;
  return (
    <Meter label={label} percent={percent}>
      {formatBytes(used)} of {formatBytes(total)} ({formatPercent(percent)})
    </Meter>
  );
}

function Diagnostics({ diagnostics }: { readonly diagnostics: DiagnosticsDto }) {
  const { usedHeapBytes, maxHeapBytes, usedNonHeapBytes, maxNonHeapBytes, contentRepositoryStorageUsage, versionInfo } = diagnostics;
  return (
    <div className="diagnostics">
      <section className="meters">
        <Usage label="Memory of JavaScript" used={usedHeapBytes} total={maxHeapBytes} />
        <Usage label="Other memory, of the machine's" used={usedNonHeapBytes} total={maxNonHeapBytes} />
        {contentRepositoryStorageUsage.map(({ identifier, usedSpaceBytes, totalSpaceBytes }) => (
          <Usage key={identifier} label="Disk of the data directory" used={usedSpaceBytes} total={totalSpaceBytes} />
        ))}
      </section>
      <dl className="facts">
        <Fact name="Up for">{diagnostics.uptime}</Fact>
        <Fact name="Processors">{formatCount(diagnostics.availableProcessors)}</Fact>
        <Fact name="Load">{diagnostics.processorLoadAverage.toFixed(2)}</Fact>
        <Fact name="Threads at work">{formatCount(diagnostics.totalThreads)}</Fact>
        <Fact name="Version">{versionInfo.buildTag}</Fact>
        <Fact name="API of NiFi">{versionInfo.niFiVersion}</Fact>
        <Fact name="Runs on">
          {versionInfo.javaVendor} {versionInfo.javaVersion}, {versionInfo.osName} {versionInfo.osVersion} ({versionInfo.osArchitecture})
        </Fact>
      </dl>
    </div>
  );
}
