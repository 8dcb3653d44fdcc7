"""Rewards and sanctions."""
