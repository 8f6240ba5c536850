import { describe, expect, it } from 'vitest';
import { isPublicAddress } from './is-public-address.ts';

describe('a public address', () => {
  it.each([
    '8.8.8.8',
    '20.190.128.1',
    '2603:1030:800:5::1',
    '2606:4700::1111',
    '64:ff9b::8.8.8.8',
    '::ffff:8.8.8.8',
  ])('is %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    ['loopback', '127.0.0.1'],
    ['loopback', '127.255.255.254'],
    ['loopback', '::1'],
    ['unspecified', '0.0.0.0'],
    ['unspecified', '::'],
    ['private', '10.0.0.1'],
    ['private', '172.16.0.1'],
    ['private', '172.31.255.255'],
    ['private', '192.168.1.1'],
    ['link-local, the clouds’ metadata', '169.254.169.254'],
    ['link-local', 'fe80::1'],
    ['Azure’s wire server', '168.63.129.16'],
    ['carrier-grade NAT', '100.64.0.1'],
    ['carrier-grade NAT, Alibaba’s metadata', '100.100.100.200'],
    ['unique local', 'fd00:ec2::254'],
    ['site-local', 'fec0::1'],
    ['IPv4-mapped loopback', '::ffff:127.0.0.1'],
    ['IPv4-mapped private', '::ffff:a00:1'],
    ['IPv4-compatible loopback', '::7f00:1'],
    ['loopback behind NAT64', '64:ff9b::7f00:1'],
    ['metadata behind NAT64', '64:ff9b::a9fe:a9fe'],
    ['a network’s own NAT64', '64:ff9b:1::808:808'],
    ['6to4', '2002:7f00:1::'],
    ['Teredo', '2001::1'],
    ['multicast', '224.0.0.1'],
    ['multicast', 'ff02::1'],
    ['broadcast', '255.255.255.255'],
    ['documentation', '192.0.2.1'],
    ['documentation', '2001:db8::1'],
    ['benchmarking', '198.18.0.1'],
    ['reserved', '240.0.0.1'],
    ['no address', 'localhost'],
    ['no address', ''],
  ])('is not %s: %s', (_name, address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});
