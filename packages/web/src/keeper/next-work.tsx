import type { Keeper } from '@latchkey/client';
import { Text } from '@mantine/core';
import { Moment } from '../facts/moment.tsx';
import { TextLink } from '../shell/links.tsx';
import { Panel } from '../shell/panel.tsx';
import { RecordList } from '../shell/record-list.tsx';

type Work = Keeper['next'][number];

/** What is done next, the longest due first. */
export function NextWork({ next }: { next: Work[] }) {
  return (
    <Panel title="Next">
      {next.length === 0 ? (
        <Text size="sm">Nothing is to come.</Text>
      ) : (
        <RecordList
          label="What is done next"
          rows={next}
          keyOf={({ kind, subjectId }) => `${kind} ${subjectId}`}
          columns={[
            { header: 'For', cell: (work) => <Subject work={work} /> },
            { header: 'What', cell: ({ title }) => title },
            {
              header: 'When',
              cell: ({ isUnderWay, dueAt }) => (isUnderWay ? 'under way' : <Moment at={dueAt} />),
            },
          ]}
        />
      )}
    </Panel>
  );
}

/** One that has a page leads there. */
function Subject({ work: { kind, subjectId, subjectName } }: { work: Work }) {
  if (subjectName === null) return subjectId;
  if (kind === 'connection' || kind === 'token_end')
    return (
      <TextLink to="/connections/$connectionId" params={{ connectionId: subjectId }} inherit>
        {subjectName}
      </TextLink>
    );
  if (kind === 'registration')
    return (
      <TextLink to="/registrations/$registrationId" params={{ registrationId: subjectId }} inherit>
        {subjectName}
      </TextLink>
    );
  return subjectName;
}
