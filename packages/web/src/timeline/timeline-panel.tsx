import type { HubEvent } from '@latchkey/client';
import { NativeSelect, Skeleton, Stack, Text, Timeline } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Moment } from '../facts/moment.tsx';
import { withLocalTimes } from '../facts/with-local-times.ts';
import { LoadFailure } from '../failures/load-failure.tsx';
import { RemoteErrorDetails } from '../failures/remote-error-details.tsx';
import { useHubClient } from '../hub/hub-client-context.tsx';
import { Disclosure } from '../shell/disclosure.tsx';
import { LoadMore } from '../shell/load-more.tsx';
import { Panel } from '../shell/panel.tsx';
import { describeEvent } from './describe-event.ts';
import { eventFilters } from './event-filters.ts';
import classes from './timeline-panel.module.css';
import { type TimelineSubject, timelineQuery } from './timeline-query.ts';

const skeletonHeight = 160;
const bulletSize = 14;
const everything = 'Everything';

/** What happened to a connection, a registration or the hub, the newest first; on request of some kinds alone. */
export function TimelinePanel({ subject }: { subject: TimelineSubject }) {
  const filters = eventFilters[subject.kind];
  const [chosen, setChosen] = useState(everything);
  const filter = filters.find(({ title }) => title === chosen);
  const events = useInfiniteQuery(timelineQuery(useHubClient(), subject, filter?.kinds));
  return (
    <Panel
      title="What happened"
      actions={
        <NativeSelect
          aria-label="Which events"
          size="xs"
          data={[everything, ...filters.map(({ title }) => title)]}
          value={chosen}
          onChange={({ currentTarget }) => setChosen(currentTarget.value)}
        />
      }
    >
      {events.isPending && <Skeleton height={skeletonHeight} />}
      {events.isError && <LoadFailure error={events.error} onRetry={() => void events.refetch()} />}
      {events.data?.length === 0 && (
        <Text size="sm">{filter ? 'Nothing of that has happened.' : 'Nothing has happened yet.'}</Text>
      )}
      {events.data !== undefined && events.data.length > 0 && (
        <Stack gap="md">
          <Timeline bulletSize={bulletSize} lineWidth={2} active={-1}>
            {events.data.map((event) => (
              <Timeline.Item
                key={event.id}
                title={describeEvent(event).title}
                classNames={{ item: classes.item, itemBullet: classes.bullet, itemTitle: classes.title }}
                data-tone={describeEvent(event).tone}
              >
                <EventBody event={event} />
              </Timeline.Item>
            ))}
          </Timeline>
          <LoadMore query={events} />
        </Stack>
      )}
    </Panel>
  );
}

function EventBody({ event: { summary, happenedAt, failure } }: { event: HubEvent }) {
  return (
    <Stack gap={4}>
      <Text size="sm">{withLocalTimes(summary)}</Text>
      <Text size="xs" c="dimmed">
        <Moment at={happenedAt} />
      </Text>
      {failure !== null && (
        <Disclosure label={failure.remote?.code ?? failure.code}>
          <Stack gap="xs">
            <Text size="sm">{failure.remedy}</Text>
            {failure.remote !== null && <RemoteErrorDetails remote={failure.remote} />}
          </Stack>
        </Disclosure>
      )}
    </Stack>
  );
}
