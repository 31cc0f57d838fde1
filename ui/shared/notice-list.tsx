import { Button, IconButton } from './button.tsx';
import { Icon } from './icon.tsx';
import { dismiss, noticeStore } from './notices.ts';
import { useStore } from './store.ts';

export function NoticeList() {
  const notices = useStore(noticeStore);
  return (
    <div className="notices" role="status" aria-live="polite">
      {notices.map(({ id, tone, title, detail, action }) => (
        <div key={id} className="notice" data-tone={tone}>
          <Icon name={tone === 'done' ? 'check' : 'warning'} size={18} />
          <div>
            <strong>{title}</strong>
            {detail && <p>{detail}</p>}
            {action && (
              <Button
                size="small"
                onClick={() => {
                  dismiss(id);
                  action.run();
                }}
              >
                {action.title}
              </Button>
            )}
          </div>
          <IconButton icon="close" label="Dismiss" onClick={() => dismiss(id)} />
        </div>
      ))}
    </div>
  );
}
