import { useEffect } from 'react';
import { countComponents, ROOT, useGroupFlow } from './api/flow.ts';
import { useLive } from './api/live.ts';
import { useServerHealth } from './api/query-client.ts';
import { BulletinBell } from './bulletins/bulletin-bell.tsx';
import { useDrawers } from './drawers.ts';
import { useFirstGroup } from './first-group.ts';
import { GroupCommands, ParametersCommand, ServicesCommand } from './frame/group-commands.tsx';
import { Header, ThemeButton } from './frame/header.tsx';
import { MainMenu } from './frame/main-menu.tsx';
import { SearchButton } from './frame/search-button.tsx';
import { ServerBanner } from './frame/server-banner.tsx';
import { StatusBar } from './frame/status-bar.tsx';
import { UserMenu } from './frame/user-menu.tsx';
import { parseLocation, useHash } from './shared/location.ts';
import { NoticeList } from './shared/notice-list.tsx';
import { useViewLinks } from './view-links.ts';
import { Views } from './views.tsx';
import { Workspace } from './workspace.tsx';

/** Puts the rooms of the page together: only here do they meet. */
export function App() {
  const { groupId = ROOT, componentId } = parseLocation(useHash());
  const query = useGroupFlow(groupId);
  const health = useServerHealth(groupId);
  const drawers = useDrawers();
  useFirstGroup(query.data);
  useViewLinks();
  useLive(query.data?.processGroupFlow.id);
  const group = query.data?.processGroupFlow;
  const name = group?.breadcrumb.breadcrumb.name ?? '';
  useEffect(() => {
    document.title = name === '' ? 'Millrace' : `${name} · Millrace`;
  }, [name]);
  return (
    <div className="page">
      <Header breadcrumb={group?.breadcrumb}>
        <SearchButton />
        {group?.parameterContext && <ParametersCommand reference={group.parameterContext} />}
        {group && <ServicesCommand groupId={group.id} onShow={drawers.toggleServices} />}
        {group && <GroupCommands groupId={group.id} name={name} counts={countComponents(group.flow)} />}
        <BulletinBell open={drawers.side === 'bulletins'} onToggle={drawers.toggleBulletins} />
        <MainMenu groupId={group?.id ?? groupId} name={name} />
        <ThemeButton />
        <UserMenu />
      </Header>
      {health.isLost && <ServerBanner retryNow={health.retryNow} />}
      <Workspace groupId={groupId} componentId={componentId} query={query} drawers={drawers} />
      <StatusBar isLost={health.isLost} refreshed={group?.lastRefreshed} />
      <Views />
      <NoticeList />
    </div>
  );
}
