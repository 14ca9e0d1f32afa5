"""Tissue: patches with whole particles of glucose and insulin, their capillaries, and the exact balance."""
