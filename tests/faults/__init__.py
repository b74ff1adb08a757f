"""Faults on purpose: killed workers, cut connections, damaged stores; what SAFETY promises must hold in each."""
