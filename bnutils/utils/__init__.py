"""What several wings need and none owns: files, checks of arguments, bars, versions."""
