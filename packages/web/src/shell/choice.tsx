import { Radio, type RadioProps } from '@mantine/core';
import classes from './choice.module.css';

/** One of few choices, framed, with a description; stands in a `Radio.Group`. */
export function Choice(props: RadioProps) {
  return <Radio {...props} classNames={{ root: classes.choice, body: classes.body }} />;
}
