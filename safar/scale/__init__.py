"""A population in portions, lived through by several processes or by a cluster: the same bits as by one."""
