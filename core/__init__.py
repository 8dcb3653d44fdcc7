"""Everything that would survive a change of user interface. Never imports streamlit or altair."""
