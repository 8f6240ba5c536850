import {
  Anchor,
  type AnchorProps,
  Button,
  type ButtonProps,
  NavLink,
  type NavLinkProps,
} from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentProps } from 'react';

// Mantine's looks on the router's links: they check addresses by type and load pages ahead.

type AnchorElementProps = AnchorProps & Omit<ComponentProps<'a'>, keyof AnchorProps>;
type ButtonElementProps = ButtonProps & Omit<ComponentProps<'a'>, keyof ButtonProps>;
type NavElementProps = NavLinkProps & Omit<ComponentProps<'a'>, keyof NavLinkProps>;

/** A link in running text. */
export const TextLink = createLink((props: AnchorElementProps) => <Anchor {...props} />);

/** A link that looks like a button, for the next thing to do. */
export const ButtonLink = createLink((props: ButtonElementProps) => <Button component="a" {...props} />);

/** An entry of the navigation. */
export const NavigationLink = createLink((props: NavElementProps) => <NavLink component="a" {...props} />);
